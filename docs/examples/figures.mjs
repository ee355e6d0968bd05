// Heads needed, heads in post and heads missing, division by division
const answer = await fetch(
  process.env.PORTAL_URL + "/api/v1/staffing/?fields=code,name,required,workers,gap",
  { headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN } },
);
if (!answer.ok) throw new Error(await answer.text());
const page = await answer.json();

for (const row of page.results) {
  // null is "no data" or "not applicable", never 0
  console.log(row.code, row.name, row.required, row.workers, row.gap);
}
