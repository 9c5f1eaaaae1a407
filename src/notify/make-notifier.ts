import { LRUCache } from 'lru-cache';
import picomatch from 'picomatch';
import type { NotifyRule } from '../domain/notify-rule.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { Notice, Notifier } from '../promotion/ports/notify.ts';
import type { NotifyOptions } from './channels.ts';
import type { Channel, Outbox } from './outbox.ts';

const LONGEST_WAIT_MS = 5_000;
const MOST_REMEMBERED = 20_000;

/** Puts what people are to be told into the outbox, once; most looks find nothing new, and ask the database nothing. */
export function makeNotifier(
  outbox: Pick<Outbox, 'add'>,
  { urls, secret }: NotifyOptions,
  log: Log,
  now: () => number = Date.now,
): Notifier {
  const known = new LRUCache<string, true>({ max: MOST_REMEMBERED });
  const warned = new Set<string>();

  const canTell = ({ variable, format }: Channel, repository: string) => {
    const lack = !urls.has(variable)
      ? variable
      : format === 'json' && secret === null
        ? 'SLUICE_NOTIFY_SECRET'
        : null;
    if (lack !== null && !warned.has(lack)) {
      warned.add(lack);
      log.warn({ repository, variable: lack }, 'nobody is told: the environment does not have the variable');
    }
    return lack === null;
  };

  return {
    async notify(repository, rules, notices) {
      const channels = rules.filter((rule) => canTell(rule, repository));
      const wanted = notices
        .flatMap((notice) => channels.filter((rule) => isFor(rule, notice)).map((rule) => ({ rule, notice })))
        .map((each) => ({
          ...each,
          id: JSON.stringify([each.rule.variable, each.rule.format, repository, each.notice.key]),
        }))
        .filter(({ id }) => !known.has(id));
      if (wanted.length === 0) return;
      const at = new Date(now()).toISOString();
      const entries = wanted.map(({ rule: { variable, format }, notice }) => ({
        variable,
        format,
        event: { ...notice, from: [...notice.from], repository, at },
      }));
      try {
        await within(LONGEST_WAIT_MS, outbox.add(entries, now()));
        for (const { id } of wanted) known.set(id, true);
      } catch (error) {
        log.warn({ repository, err: error }, 'people are not told yet; the next look tries again');
      }
    },
  };
}

function isFor({ events, environments, applications }: NotifyRule, notice: Notice): boolean {
  const { event, environment, application } = notice;
  if (!events.includes(event) || !environments.includes(environment)) return false;
  return application === null || picomatch.isMatch(application, [...applications], { dot: true });
}

async function within<Result>(mostMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), mostMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
