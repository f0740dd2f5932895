# The service in a container. It brings no database: give it one with DATABASE_URL (docker-compose.yml does).
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --release -p openilp-api && cp target/release/openilp /openilp

FROM debian:bookworm-slim
# pg_dump and pg_restore are for `openilp backup` and `openilp restore`.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/openilp --create-home openilp
COPY --from=build /openilp /usr/local/bin/openilp
USER 10001
WORKDIR /var/lib/openilp
ENV OPENILP_LISTEN=0.0.0.0:8080 OPENILP_LOG_JSON=true
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/readyz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["openilp"]
CMD ["serve"]
