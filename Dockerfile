# Builds Weir, and an image that runs it: without root, without a shell, on a root file system that may be read-only.
#
# The tag names one version of Node; whose bytes are to be fixed as well adds the digest that their registry shows for it:
#   docker build --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:… .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# What runs beside Weir's own code, and nothing that only builds or tests it.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build
# The folders that are written to, with the modes that a new volume takes over.
RUN install -d -m 0700 /volumes/certs /volumes/data

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Weir" \
      org.opencontainers.image.description="An egress-filtering forward proxy that lets people use code hosts and does not let their data leave through them." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    WEIR_POLICY=/app/policies/default.yaml \
    WEIR_CERTS=/var/lib/weir/certs \
    WEIR_DATA=/var/lib/weir/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY policies ./policies
COPY schema ./schema
# The inspection CA, and the ledger, the control socket and what is held of uploads: nothing else is ever written.
COPY --from=build --chown=65532:65532 /volumes /var/lib/weir
VOLUME ["/var/lib/weir/certs", "/var/lib/weir/data"]
# By number, for a platform that wants to see that it is not root. Whoever it is needs no name and no home.
USER 65532:65532
EXPOSE 8080
# Drains: open connections are let finish for a while.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=15s --retries=3 CMD ["node", "/app/dist/cli/main.js", "health"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "/app/dist/cli/main.js"]
# Off loopback Weir does not start until it is told whose clients it serves: set WEIR_ALLOW_CLIENTS=10.0.0.0/8, or WEIR_USERS to a file of them.
CMD ["run", "--listen", "0.0.0.0:8080"]
