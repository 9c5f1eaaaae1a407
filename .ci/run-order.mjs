import sequencer from '@jest/test-sequencer';

const Sequencer = sequencer.default ?? sequencer;

/** What keeps a processor busy for minutes, and what waits for others: the sooner they begin, the sooner all has ended. */
const FIRST = [
  '/schedules/memory-',
  '/faults/',
  '/schedules/',
  '/e2e/shutdown',
  '/e2e/operate',
  '/queue/durable-queue',
];

/**
 * The longest test files first. The schedules in memory run in processes that have just started: in one that has run a
 * dozen other files they take twice as long, for its garbage.
 */
export default class RunOrder extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const at = FIRST.findIndex((part) => path.includes(part));
      return at < 0 ? FIRST.length : at;
    };
    return (await super.sort(tests)).toSorted((one, other) => rank(one) - rank(other));
  }
}
