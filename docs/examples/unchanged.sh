# Asking again with the ETag that was read: 304 and no content while nothing has changed
address="$PORTAL_URL/api/v1/staffing/"
etag=$(curl --silent --show-error --head --header "Authorization: Bearer $PORTAL_TOKEN" "$address" |
  tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
curl --silent --show-error --output /dev/null --write-out '%{http_code} %{size_download}\n' \
  --header "Authorization: Bearer $PORTAL_TOKEN" \
  --header "If-None-Match: $etag" \
  "$address"
