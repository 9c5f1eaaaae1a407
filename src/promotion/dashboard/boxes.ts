import { createHash } from 'node:crypto';
import type { Hold } from '../../domain/hold.ts';
import { targetKey } from '../../domain/target.ts';
import { dueOf, hasMovedOn } from '../commands/choose-targets.ts';
import type { Plan } from '../plan/plan-types.ts';
import type { Asked, Box, DashboardView } from '../ports/dashboard.ts';
import type { Candidate } from '../snapshot.ts';
import { makeBox } from './box-id.ts';

/** More in one text than this nobody ticks in one edit. */
const MOST_TICKED = 50;
const TICKED = /^- \[[xX]\] <!-- sluice:box=([a-z]+(?:-[0-9a-f]{16})?) -->/gm;
const UNTICKED = /^- \[ \] <!-- sluice:box=([a-z]+(?:-[0-9a-f]{16})?) -->/gm;

/** A line of the text; `label` is Markdown of one line. */
export function boxLine({ id }: Box, label: string): string {
  return `- [ ] <!-- sluice:box=${id} -->${label}`;
}

/** Ids of the boxes that are ticked in a text, each once, the first fifty. */
export function listTicked(text: string): string[] {
  const ids = [...text.matchAll(TICKED)].map(([, id = '']) => id);
  return [...new Set(ids)].slice(0, MOST_TICKED);
}

/**
 * A text as Sluice wrote it: with no box ticked, and with the ends of lines that a browser may have changed.
 * https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element
 */
export function asWritten(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .replace(TICKED, (line) => line.replace(/\[[xX]\]/, '[ ]'));
}

/** The same text with these boxes ticked, where it has them. */
export function tick(text: string, ids: readonly string[]): string {
  return text.replace(UNTICKED, (line, id: string) => (ids.includes(id) ? line.replace('[ ]', '[x]') : line));
}

/** Equal for texts that differ in nothing but what is ticked. */
export function digestOf(text: string): string {
  return createHash('sha256').update(asWritten(text)).digest('hex');
}

/**
 * Boxes for promotions that a person's word brings further: what nothing opens by itself, and what waits for that word.
 */
export function promoteBoxes(candidates: readonly Candidate[], { actions, promotions }: Plan): Box[] {
  const opening = new Set(
    actions.flatMap((action) =>
      action.kind === 'open-promotion'
        ? action.promotions.map(({ application, to }) => targetKey({ application, environment: to }))
        : [],
    ),
  );
  const waiting = new Set(
    promotions
      .filter(({ gates }) => gates.some(({ gate, state }) => gate === 'manual' && state === 'waiting'))
      .map(({ application, to }) => targetKey({ application, environment: to })),
  );
  return candidates.flatMap((candidate) => {
    const key = targetKey({ application: candidate.application, environment: candidate.environment.name });
    const asked = candidate.open
      ? waiting.has(key) && askForOpen(candidate)
      : !opening.has(key) && askForDue(candidate);
    return asked ? [makeBox(asked)] : [];
  });
}

function askForOpen(candidate: Candidate): Asked | null {
  const { application, environment, open } = candidate;
  if (!open?.trailers || hasMovedOn(candidate)) return null;
  const { release, fingerprint } = open.trailers;
  return {
    kind: 'promote',
    application,
    to: environment.name,
    release,
    fingerprint,
    pull: open.pull.number,
  };
}

/**
 * What a person closed, what has not qualified, and what opens when it is ready. What builds bring, only a look knows that
 * asks for them.
 */
function askForDue(candidate: Candidate): Asked | null {
  const { application, environment, promotion, closed, isHeld } = candidate;
  const due = dueOf(candidate);
  const isLeft = closed !== null || promotion === null || environment.open === 'when-ready';
  if (!due || !isLeft || isHeld || environment.from.length === 0) return null;
  const { label: release, fingerprint } = due.release;
  return { kind: 'promote', application, to: environment.name, release, fingerprint, pull: null };
}

/** All boxes of a text: those that promote, one for each environment to stop or let go on, and one to look anew. */
export function listBoxes(view: DashboardView, holds: readonly Hold[]): Box[] {
  if (view.state === 'off') return [];
  const refresh = makeBox({ kind: 'refresh' });
  if (view.state === 'broken-config') return [refresh];
  const isFrozen = (name: string) =>
    holds.some(({ application, environment }) => application === null && environment === name);
  const stops = view.environments.map(({ name }) =>
    makeBox({ kind: isFrozen(name) ? 'resume' : 'freeze', environment: name }),
  );
  return [...view.boxes, ...stops, refresh];
}
