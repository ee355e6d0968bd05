# All divisions, page by page; after 429 or 503 curl waits as Retry-After says
address="$PORTAL_URL/api/v1/divisions/?page_size=500&fields=code,name"
rows=0
while [ -n "$address" ]; do
  page=$(curl --silent --show-error --fail --retry 5 \
    --header "Authorization: Bearer $PORTAL_TOKEN" "$address") || exit 1
  rows=$((rows + $(printf '%s' "$page" | grep -o '"code":' | wc -l)))
  address=$(printf '%s' "$page" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p')
done
echo "$rows rows"
