import { didYouMean, quote } from '../../config/suggest.ts';
import type { Candidate } from '../snapshot.ts';

/** Targets that a person means, or why there are none. */
export type FoundTargets = { found: Candidate[] } | { problem: string };

/** Words between an application and an environment. */
const JOINTS = ['in', 'to', 'on'];

/**
 * Finds targets by what people call them: `checkout/prod`, `checkout prod`, `checkout in prod`; `checkout` alone means
 * all its environments, and `prod` alone all applications there. Names hold slashes: the whole is looked for first.
 */
export function findTargets(candidates: readonly Candidate[], words: readonly string[]): FoundTargets {
  const [first = '', second = ''] = words;
  const names = words.length === 3 && JOINTS.includes(second) ? [first, words[2]!] : words;
  if (names.length === 0 || names.length > 2)
    return { problem: `name an application and an environment, as in ${quote(example(candidates))}` };
  const finders =
    names.length === 2
      ? [(each: Candidate) => each.application === names[0] && each.environment.name === names[1]]
      : [
          (each: Candidate) => nameOf(each) === first,
          (each: Candidate) => each.application === first,
          (each: Candidate) => each.environment.name === first,
        ];
  for (const isMeant of finders) {
    const found = candidates.filter(isMeant);
    if (found.length > 0) return { found };
  }
  return { problem: explainUnknown(candidates, names.join('/')) };
}

/** How a target is called: `checkout/prod`. */
export function nameOf({ application, environment }: Candidate): string {
  return `${application}/${environment.name}`;
}

function example(candidates: readonly Candidate[]): string {
  return candidates[0] ? nameOf(candidates[0]) : 'checkout/prod';
}

function explainUnknown(candidates: readonly Candidate[], name: string): string {
  const at = name.lastIndexOf('/');
  const [application, environment] = [name.slice(0, Math.max(at, 0)), name.slice(at + 1)];
  const places = candidates
    .filter((each) => each.application === application)
    .map((each) => each.environment.name);
  if (places.length > 0 && candidates.some((each) => each.environment.name === environment))
    return `${quote(application)} is not in ${quote(environment)}; it is in ${places.join(', ')}`;
  const alone = candidates.flatMap((each) => [each.application, each.environment.name]);
  const known = at < 0 ? alone : candidates.map(nameOf);
  return `there is no target ${quote(name)}${didYouMean(name, [...new Set(known)])}`;
}
