import type { GateState } from '../../domain/gates/gate.ts';
import { describePermission, type Permission } from '../../domain/permission.ts';
import type { Environment } from '../../domain/settings.ts';
import { code } from '../markdown.ts';
import type { CheckButton } from '../ports/checks.ts';
import type { Evaluated } from './trace-gates.ts';

/** Identifiers of the buttons that concern no gate; `pressButton` has a case for each. */
const PLAIN = ['re-evaluate', 'hold', 'resume'] as const;

const RE_EVALUATE: CheckButton = {
  label: 'Re-evaluate',
  description: 'Looks at builds and gates anew',
  identifier: 're-evaluate',
};

const HOLD: CheckButton = {
  label: 'Hold',
  description: 'Stops this until somebody resumes it',
  identifier: 'hold',
};

const RESUME: CheckButton = {
  label: 'Resume',
  description: 'Ends the hold on this',
  identifier: 'resume',
};

/** Short, so that the longest kind of a gate fits behind it: GitHub takes 20 characters. */
const OVERRIDE = 'pass:';

export type ButtonPress = { name: (typeof PLAIN)[number] } | { name: 'override'; gate: string };

/** What a button's identifier asks for; null for one that is none of Sluice's. */
export function parseButton(identifier: string): ButtonPress | null {
  const plain = PLAIN.find((name) => name === identifier);
  if (plain) return { name: plain };
  const gate = /^pass:([a-z-]{1,15})$/.exec(identifier)?.[1];
  return gate ? { name: 'override', gate } : null;
}

/** What people can do about gates that have not passed: buttons, and the words that say so below the table. */
export interface Remedies {
  buttons: readonly CheckButton[];
  /** Markdown; null when there is nothing to say. */
  note: string | null;
}

/** All passed: it may be held before it merges. */
const HOLD_ONLY: Remedies = { buttons: [HOLD], note: null };

/** It is not what Sluice planned, or cannot be read: nobody lets that pass. */
export const LOOK_ONLY: Remedies = { buttons: [RE_EVALUATE], note: null };

/**
 * The buttons of a promotion. `Override` names its gate, so that it lets pass what the person saw and nothing else; with
 * several gates that may be overridden there is none, and the note tells the command. GitHub never tells which buttons a
 * check run has: they must follow from its text, which is compared instead, and so they follow from the note.
 */
export function remediesOf(
  { noOverride }: Pick<Environment, 'noOverride'>,
  evaluated: readonly Evaluated[],
  overriders: Permission,
): Remedies {
  const open = evaluated.filter(({ result }) => isOpen(result.state));
  if (open.length === 0) return HOLD_ONLY;
  // GitHub takes three buttons. A hold has its row in the table, from which this one follows.
  const always = [RE_EVALUATE, open.some(({ spec }) => spec?.kind === 'hold') ? RESUME : HOLD];
  const kinds = [...new Set(open.flatMap(({ spec }) => spec?.kind ?? []))].filter(
    (kind) => !noOverride.includes(kind),
  );
  const [only] = kinds;
  if (only === undefined) return { buttons: always, note: null };
  const role = describeOverriders(overriders);
  if (kinds.length > 1) {
    const named = kinds.map(code).join(', ');
    const note = `${role}: ${code('/override GATE REASON')} lets one of these be passed by: ${named}.`;
    return { buttons: always, note };
  }
  // GitHub shows the buttons of what has completed: while the check waits, the words are all there is.
  const isShown = open.some(({ result }) => result.state === 'failed');
  const means = `${isShown ? 'the button **Override** or ' : ''}${code(`/override ${only} REASON`)}`;
  const note = `${role}: ${means} lets ${code(only)} be passed by.`;
  const override = {
    label: 'Override',
    description: `Lets ${only} be passed by, once`,
    identifier: `${OVERRIDE}${only}`,
  };
  return { buttons: [...always, override], note };
}

function describeOverriders(overriders: Permission): string {
  const [only] = overriders;
  return overriders.length === 1 && only?.kind === 'role'
    ? `Role ${code(only.role)}`
    : `For ${describePermission(overriders)}`;
}

function isOpen(state: GateState): boolean {
  return state === 'waiting' || state === 'failed';
}
