# A refusal is application/problem+json: type is for programs, detail and errors are for people
curl --silent --show-error --write-out '\n%{http_code}\n' \
  --header "Authorization: Bearer $PORTAL_TOKEN" \
  "$PORTAL_URL/api/v1/staffing/?divison=120000"
