// A whole list as csv (UTF-8 with BOM, as Excel opens it)
import { readFile, writeFile } from "node:fs/promises";

const answer = await fetch(process.env.PORTAL_URL + "/api/v1/staffing/?level=community", {
  headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN, Accept: "text/csv" },
});
if (!answer.ok) throw new Error(await answer.text());
await writeFile("staffing.csv", Buffer.from(await answer.arrayBuffer()));

const lines = (await readFile("staffing.csv", "utf8")).trimEnd().split("\n");
console.log(lines.length - 1, "rows");
