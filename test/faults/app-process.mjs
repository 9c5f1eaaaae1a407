// The app as it is built, in a process of its own that a test starts, asks and kills. See `app-process.ts`.
const from = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const [
  { default: pino },
  { ProbotOctokit },
  { openDatabase },
  { storageIn },
  { serve },
  { carefulRequests },
] = await Promise.all([
  import('pino'),
  import('probot'),
  from('database/open-database.js'),
  from('cli/open-queue.js'),
  from('cli/serve.js'),
  from('github/careful-requests.js'),
]);

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' }, pino.destination(2));
// Octokit's own spacing would take minutes; what it repeats would not be counted as it came.
const Octokit = ProbotOctokit.plugin(carefulRequests()).defaults((options) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));
let served = null;
let database = null;

const acts = {
  async start({ url = null, folder = null, ...options }) {
    const onError = (error) => log.error({ err: error }, 'the database failed');
    database = await openDatabase({ url, folder, onError });
    served = await serve({
      ...options,
      log,
      Octokit,
      host: '127.0.0.1',
      isRendering: true,
      ...storageIn(database, log),
      // It is written by the clock, while these stories are told by calls.
      dashboards: undefined,
    });
  },
  idle: () => served.sluice.idle(),
  sweep: () => served.sluice.sweep(),
  async stop() {
    await served.close();
    await database.close();
  },
};

process.on('message', async ({ id, act, options }) => {
  try {
    await acts[act](options);
    process.send({ id });
  } catch (error) {
    process.send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
// A test that ends leaves nothing behind.
process.on('disconnect', () => process.exit(1));
