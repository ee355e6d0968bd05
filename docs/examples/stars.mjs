// Results of the latest year: every unit, and counts by grade that add up to the units rated
let counts;
let address = process.env.PORTAL_URL + "/api/v1/ratings/results/?page_size=500";
while (address) {
  const answer = await fetch(address, { headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN } });
  if (!answer.ok) throw new Error(await answer.text());
  const page = await answer.json();
  for (const row of page.results) console.log(row.division.code, row.year, row.grade, row.change);
  counts = page.counts;
  address = page.next;
}
if (counts.five + counts.four + counts.three + counts.none !== counts.rated) throw new Error("counts do not add up");
console.log(counts.rated, "units rated");
