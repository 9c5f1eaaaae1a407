/** `npm run test:faults`: everything, which takes hours; otherwise what says most in some minutes. */
export const isAll = process.env.SLUICE_FAULTS === 'all';

const only = process.env.SLUICE_FAULTS_ONLY?.split(',');

/** To play again what failed: `SLUICE_FAULTS_ONLY=1.14.after`, as the failure names it. */
export function isChosen(name: string): boolean {
  return only === undefined || only.includes(name);
}

/** `SLUICE_FAULTS_SHARD=2/8`: the second eighth, evenly spread, so that several machines, or days, share the hours. */
export function ofShard<Run>(runs: readonly Run[]): readonly Run[] {
  const [, number, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(process.env.SLUICE_FAULTS_SHARD ?? '1/1') ?? [];
  const [own, all] = [Number(number), Number(count)];
  if (!(own >= 1 && own <= all)) throw new Error('SLUICE_FAULTS_SHARD is like 2/8');
  return runs.filter((_, index) => index % all === own - 1);
}

/** Of many runs in one test: with `SLUICE_FAULTS_TELL=1`, says on the way what was wrong, and how long they take. */
export function tellProgress(what: string, total: number): (about: string, problems: string[]) => void {
  const isTold = isAll || process.env.SLUICE_FAULTS_TELL === '1';
  const startedMs = performance.now();
  let count = 0;
  return (about, problems) => {
    count++;
    if (!isTold) return;
    if (problems.length > 0) process.stderr.write(`${about}:\n    ${problems.join('\n    ')}\n`);
    if (count % 25 !== 0 && count !== total) return;
    const eachMs = (performance.now() - startedMs) / count;
    process.stderr.write(`${what}: ${count} of ${total} runs, ${eachMs.toFixed(0)} ms each\n`);
  };
}
