# Heads needed, heads in post and heads missing, division by division
curl --silent --show-error --fail-with-body \
  --header "Authorization: Bearer $PORTAL_TOKEN" \
  "$PORTAL_URL/api/v1/staffing/?fields=code,name,required,workers,gap"
