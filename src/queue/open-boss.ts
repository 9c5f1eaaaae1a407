import { PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import { isGone } from '../database/is-gone.ts';
import { migrate } from '../database/migrate.ts';
import type { Log } from '../promotion/ports/log.ts';
import { QUEUE_MIGRATIONS } from './migrations.ts';
import { queuesWith, type Retries } from './names.ts';

/** How often jobs of workers that died are looked for. */
const SUPERVISE_S = 15;

/** Starts pg-boss with the queues as this version wants them, and makes them again when somebody dropped them. */
export async function openBoss(
  database: Database,
  log: Log,
  { isWorker, retries }: { isWorker: boolean; retries: Retries },
) {
  const boss = new PgBoss({
    ...database.boss,
    schedule: false,
    supervise: isWorker,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    useListenNotify: isWorker,
  });
  let repairing: Promise<void> | null = null;
  const repair = () => {
    repairing ??= prepare(database, retries)
      .then(() =>
        log.warn({}, 'the database lost its tables; they were made again, and the next sweep fills them'),
      )
      .catch((error: unknown) => log.error({ err: error }, 'the tables could not be made again'))
      .finally(() => {
        repairing = null;
      });
    return repairing;
  };
  boss.on('error', (error) => {
    log.error({ err: error }, 'the queue failed; it tries again');
    if (isGone(error)) void repair();
  });
  boss.on('warning', ({ message }) => log.warn({}, message));
  await prepare(database, retries);
  await boss.start();
  return { boss, repair };
}

/** Makes what is missing; safe at any time and by several processes at once. */
async function prepare(database: Database, retries: Retries): Promise<void> {
  await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
  const boss = new PgBoss({ ...database.boss, schedule: false, supervise: false, registerInstance: false });
  await boss.start();
  for (const [name, options] of Object.entries(queuesWith(retries))) {
    await boss.createQueue(name, options);
    const { policy: _, ...changeable } = options;
    await boss.updateQueue(name, changeable);
  }
  await boss.stop({ graceful: false });
}
