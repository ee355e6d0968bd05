# A whole list as an Excel file; text/csv instead gives csv
curl --silent --show-error --fail-with-body \
  --header "Authorization: Bearer $PORTAL_TOKEN" \
  --header "Accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" \
  --output staffing.xlsx \
  --write-out '%{content_type} %{size_download}\n' \
  "$PORTAL_URL/api/v1/staffing/?level=community"
