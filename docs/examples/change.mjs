// Signs for an open finding: with the ETag that was read, and one Idempotency-Key for every try
import { randomUUID } from "node:crypto";

const findings = process.env.PORTAL_URL + "/api/v1/findings/";
const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function call(address, body, headers = {}) {
  const options = { headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN, ...headers } };
  if (body) {
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
    Object.assign(options.headers, { "Content-Type": "application/json", "Idempotency-Key": randomUUID() });
  }
  for (let attempt = 1; ; attempt += 1) {
    let answer;
    try {
      answer = await fetch(address, options);
    } catch (error) { // it may have been done; with the same key a second try does nothing twice
      if (attempt === 5) throw error;
      await wait(2 ** attempt);
      continue;
    }
    if (answer.ok) return [await answer.json(), answer.headers];
    if (![429, 503].includes(answer.status) || attempt === 5) throw new Error((await answer.json()).detail);
    await wait(Number(answer.headers.get("Retry-After")));
  }
}

const [found] = await call(findings + "?state=open&page_size=1&fields=id");
if (found.results.length) {
  const address = `${findings}${found.results[0].id}/`;
  const [, headers] = await call(address);
  const [done] = await call(address + "acknowledge/", { note: "已通知街道补员。" }, { "If-Match": headers.get("ETag") });
  console.log(done.id, done.state, done.acknowledged_by);
} else {
  console.log("nothing to do");
}
