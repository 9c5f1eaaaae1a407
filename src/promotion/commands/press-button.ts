import { targetKey } from '../../domain/target.ts';
import { noteOnce } from '../apply/note-once.ts';
import { capBody, code } from '../markdown.ts';
import { observe } from '../observe/observe.ts';
import { findGatesCheck, GATES_CHECK } from '../observe/observe-pulls.ts';
import { nothingTold } from '../occasion.ts';
import { type ButtonPress, parseButton } from '../plan/gate-buttons.ts';
import type { ReadCheck } from '../ports/checks.ts';
import type { ButtonJob } from '../ports/jobs.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { type Dependencies, type Outcome, reconcile } from '../reconcile.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Authoriser, makeAuthoriser, refuseRole } from './authorise.ts';
import { holdTarget, resumeTarget } from './hold-target.ts';
import { takeOverride } from './take-override.ts';
import { refuse, type Taken } from './taken.ts';

type Host = RepositoryReader & RepositoryWriter;

/** A button that counts: what is asked, by whom, on which pull request. */
interface Press {
  check: ReadCheck;
  pull: Pull;
  login: string;
  asked: ButtonPress;
}

/** No login of a person looks like this. */
const BOT = /\[bot\]$/i;

/**
 * Does what a button on the check `sluice/gates` asks for. The delivery is a hint: the check run is read from GitHub at
 * this moment, and so is the person's role. A check run that is not the newest on the head of an open promotion is of
 * the past, and its buttons do nothing.
 */
export async function pressButton(dependencies: Dependencies, job: ButtonJob): Promise<Outcome | null> {
  const { host, log } = dependencies;
  const { repository, checkRun, identifier, sender } = job;
  const opened = await host.open(repository);
  const press = await findPress(opened, job);
  if (!press) {
    log.info({ repository, actor: sender, checkRun, identifier }, 'button of nothing that stands');
    return null;
  }
  const taken = await take(dependencies, opened, press);
  log.info({ repository, actor: sender, checkRun, identifier, isTaken: taken.isTaken }, 'button pressed');
  // Before the look that follows: it may replace the check run, and a second try would not know it any more.
  if (taken.answers.length > 0) await answer(opened, press, identifier, taken.answers);
  // Builds are looked up anew too; what URLs answer is asked at every look.
  return taken.isTaken
    ? reconcile(dependencies, repository, {
        lookAt: ['*'],
        readTold: nothingTold,
        ended: [],
        requests: new Map(),
      })
    : null;
}

/** What was pressed, as GitHub tells it now; null when it does not stand any more, or never did. */
async function findPress(
  host: Host,
  { checkRun, identifier, sender, headSha }: ButtonJob,
): Promise<Press | null> {
  const asked = parseButton(identifier);
  if (!asked || BOT.test(sender)) return null;
  const check = await host.readCheck(checkRun);
  if (!check || check.name !== GATES_CHECK || check.headSha !== headSha) return null;
  const pull = (await host.listOpenPulls()).find((each) => each.isSluices && each.headSha === headSha);
  if (!pull) return null;
  const newest = findGatesCheck((await host.listCheckRuns(headSha)).own);
  return newest?.id === check.id ? { check, pull, login: sender, asked } : null;
}

async function take(dependencies: Dependencies, host: Host, press: Press): Promise<Taken> {
  switch (press.asked.name) {
    case 're-evaluate':
      return takeReEvaluate(host, press);
    case 'hold':
    case 'resume':
      return takeStopButton(dependencies, host, press, press.asked.name);
    case 'override':
      return takeOverrideButton(dependencies, host, press, press.asked.gate);
  }
}

async function takeReEvaluate(host: Host, { check, login }: Press): Promise<Taken> {
  const shown = '**Re-evaluate**';
  // It changes nothing by itself. GitHub shows buttons to those who may write.
  const refused = await refuseRole(host, login, shown, 'write');
  if (refused !== null) return refuse(refused);
  const text = `${code(login)} pressed ${shown}: Sluice looks at the builds and at the gates of ${check.headSha.slice(0, 7)} anew.`;
  return { targets: [], answers: [text], isTaken: true };
}

/** The same as `/override` by that person, by the same rules. */
async function takeOverrideButton(
  dependencies: Dependencies,
  host: Host,
  press: Press,
  gate: string,
): Promise<Taken> {
  const here = await lookHere(dependencies, host, press);
  if (here === null) return NOTHING;
  const { check, pull, login } = press;
  const { id, url, headSha } = check;
  const word = { id, url, headSha, issue: pull.number, author: login };
  const command = { gate, reason: 'pressed Override on the check', problem: null };
  return takeOverride({ host, ...here, nowMs: dependencies.now() }, word, command, '**Override**');
}

/** The same as `/hold` and `/resume` of what the pull request carries. */
async function takeStopButton(
  dependencies: Dependencies,
  host: Host,
  press: Press,
  name: 'hold' | 'resume',
): Promise<Taken> {
  const shown = name === 'hold' ? '**Hold**' : '**Resume**';
  const here = await lookHere(dependencies, host, press);
  if (here === null) return NOTHING;
  const carried = here.snapshot.candidates.filter(({ open }) => open?.pull.number === press.pull.number);
  const refused = await here.authoriser.refuse({ name: 'hold', shown }, carried);
  if (refused !== null) return refuse(refused);
  const taken: Taken = { targets: [], answers: [], isTaken: false };
  const nowMs = dependencies.now();
  for (const { application, environment } of carried) {
    const target = { application, environment: environment.name };
    const order = { actor: press.login, url: press.check.url, target, saidAtMs: nowMs };
    const { isTaken, answer: said } =
      name === 'hold'
        ? await holdTarget(host, { ...order, reason: 'pressed Hold on the check', untilMs: null }, nowMs)
        : await resumeTarget(host, { ...order, mayEndAll: false }, nowMs);
    taken.targets.push(targetKey(target));
    taken.answers.push(said);
    taken.isTaken ||= isTaken;
  }
  return taken;
}

/** What the repository holds now, and what the person may there. Null: nothing passes without a config that can be used. */
async function lookHere(
  { host: { builds }, http, kept, reported, now }: Dependencies,
  host: Host,
  { login }: Press,
): Promise<{ snapshot: Snapshot; authoriser: Authoriser } | null> {
  const looking = { lookAt: [], readTold: nothingTold, ended: [], requests: new Map() };
  const found = await observe(host, { builds, http, kept }, looking, reported, now());
  if (found.kind !== 'snapshot') return null;
  return { snapshot: found.snapshot, authoriser: makeAuthoriser(host, found.snapshot, login) };
}

const NOTHING: Taken = { targets: [], answers: [], isTaken: false };

/** Once for each person and check run, however often it is pressed. */
async function answer(
  host: Host,
  { check, pull, login }: Press,
  identifier: string,
  answers: readonly string[],
): Promise<void> {
  const mark = `<!-- sluice:answer check=${check.id} button=${identifier} by=${login.replace(/[^\w-]/g, '')} -->`;
  await noteOnce(host, pull.number, { mark, text: capBody(answers.join('\n\n')) });
}
