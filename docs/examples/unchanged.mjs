// Asking again with the ETag that was read: 304 and no content while nothing has changed
const address = process.env.PORTAL_URL + "/api/v1/staffing/";
const headers = { Authorization: "Bearer " + process.env.PORTAL_TOKEN };

const first = await fetch(address, { headers });
if (!first.ok) throw new Error(await first.text());
await first.arrayBuffer();

// no-store: this program compares by itself, without a cache of its platform
const again = await fetch(address, {
  cache: "no-store",
  headers: { ...headers, "If-None-Match": first.headers.get("ETag") },
});
console.log(again.status, (await again.arrayBuffer()).byteLength);
