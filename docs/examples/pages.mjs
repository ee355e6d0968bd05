// All divisions, page by page; after 429 or 503 it waits as Retry-After says
async function get(address) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(address, { headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN } });
    if (answer.ok) return answer.json();
    if (![429, 503].includes(answer.status) || attempt === 5) throw new Error(await answer.text());
    await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("Retry-After"))));
  }
}

const rows = [];
let address = process.env.PORTAL_URL + "/api/v1/divisions/?page_size=500&fields=code,name";
while (address) {
  const page = await get(address);
  rows.push(...page.results);
  address = page.next; // a complete address; null after the last page
}
console.log(rows.length, "rows");
