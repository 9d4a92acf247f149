# Builds Weir, and an image that runs it without root.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    WEIR_CERTS=/var/lib/weir/certs \
    WEIR_DATA=/var/lib/weir/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY policies ./policies
COPY schema ./schema
# The root file system may be read-only: only the CA and the spool files are written, and both lie below this folder.
RUN install -d -o 65532 -g 65532 -m 0700 /var/lib/weir
VOLUME /var/lib/weir
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s --retries=3 CMD ["node", "/app/dist/cli/main.js", "health"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
# Off loopback Weir does not start until it is told whose clients it serves: set WEIR_ALLOW_CLIENTS=10.0.0.0/8, or the like.
CMD ["run", "--listen", "0.0.0.0:8080"]
