# Results of the latest year: counts by grade, which add up to the units rated
curl --silent --show-error --fail \
  --header "Authorization: Bearer $PORTAL_TOKEN" \
  "$PORTAL_URL/api/v1/ratings/results/?page_size=1" |
  sed 's/.*"counts":{\([^}]*\)}.*/\1/'
echo
