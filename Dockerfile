# The tags name the major version only: dependabot and a rebuild bring the patches.
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:26-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
ENV NODE_ENV=production
WORKDIR /app
# Everything belongs to root and is read-only for the user that runs it.
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The embedded database lives here; nothing in it has to outlive the container. Not used with DATABASE_URL.
RUN mkdir /data && chown node:node /data
ENV SLUICE_DATA=/data
# Metrics have a port of their own: do not publish it to where the webhooks come from.
ENV SLUICE_METRICS_PORT=9090
VOLUME /data
USER node
EXPOSE 3000 9090
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The App's private key and the webhook secret come from the environment at run time, never from the image.
CMD ["node", "dist/cli/main.js", "start"]
