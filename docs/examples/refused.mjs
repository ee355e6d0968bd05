// A refusal is application/problem+json: type is for programs, detail and errors are for people
const answer = await fetch(process.env.PORTAL_URL + "/api/v1/staffing/?divison=120000", {
  headers: { Authorization: "Bearer " + process.env.PORTAL_TOKEN },
});
if (!answer.ok) {
  const problem = await answer.json();
  console.log(problem.status, problem.type, problem.detail);
  for (const found of problem.errors ?? []) console.log(found.parameter, found.detail);
}
