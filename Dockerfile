# fresh-scim: one image for every process; the command chooses (deploy/entrypoint.sh). TypeScript runs as it is, so
# there is nothing to build. docs/containers.md says how to use it.

# The Node of pnpm-workspace.yaml. The minor version is pinned; rebuild with --pull for its security updates.
FROM node:26.10-slim AS base
WORKDIR /app
ENV NODE_ENV=production

FROM base AS dependencies
# The manifests alone, so that this layer is made again only when a dependency changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/cli/package.json apps/cli/
COPY apps/console/package.json apps/console/
COPY apps/scim-api/package.json apps/scim-api/
COPY apps/worker/package.json apps/worker/
COPY packages/connections/package.json packages/connections/
COPY packages/directory/package.json packages/directory/
COPY packages/entra-sim/package.json packages/entra-sim/
COPY packages/freshservice/package.json packages/freshservice/
COPY packages/freshservice-sim/package.json packages/freshservice-sim/
COPY packages/queue/package.json packages/queue/
COPY packages/reconciler/package.json packages/reconciler/
COPY packages/runtime/package.json packages/runtime/
COPY packages/scim/package.json packages/scim/
# Without optional dependencies: they are the workspace's own Node for machines that have another one.
RUN npx -y pnpm@12 install --frozen-lockfile --prod --no-optional
# Stays empty, and is copied for its owner.
WORKDIR /data

FROM base
LABEL org.opencontainers.image.title="fresh-scim" \
      org.opencontainers.image.description="Brings Freshservice to the state that Microsoft Entra ID provisions over SCIM 2.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.base.name="docker.io/library/node:26.10-slim"
# Loopback inside a container reaches nobody. The ports of /readyz and /metrics stay on it unless OPS_HOST says else.
ENV SCIM_HOST=0.0.0.0 \
    CONSOLE_HOST=0.0.0.0
COPY --from=dependencies /app ./
COPY LICENSE ./
COPY deploy deploy
COPY scripts scripts
COPY packages packages
COPY apps apps
# Where a volume goes for what is to be kept; a new volume takes over its owner.
COPY --from=dependencies --chown=node:node /data /data
# Everything else belongs to root and is never written.
USER node
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/scripts/image-health.ts"]
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD []
