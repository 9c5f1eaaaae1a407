import { type CallEffect, type Due, held } from './faults.ts';

/** A connection that a fault breaks; whoever holds the connection does it. */
export class BrokenConnection extends Error {
  /** The answer of which only a part arrives; null when nothing does. */
  readonly partial: { answer: Response; body: Buffer; keepBytes: number } | null;
  constructor(partial: BrokenConnection['partial'] = null) {
    super('the connection was reset by a fault');
    this.partial = partial;
  }
}

/** Answers a call as the faults on it want. @throws BrokenConnection */
export async function withFaults(
  due: Due<CallEffect>[],
  perform: () => Promise<Response>,
): Promise<Response> {
  for (const one of due) {
    if (one.effect.kind === 'answer') return injected(one.effect);
    await before(one);
  }
  const answer = await perform();
  for (const one of due) await after(one, answer);
  return answer;
}

async function before(one: Due<CallEffect>): Promise<void> {
  const { effect } = one;
  if (effect.kind === 'reset' && effect.when === 'before') throw new BrokenConnection();
  if (effect.kind === 'run' && effect.when === 'before') await effect.run();
  if (effect.kind === 'delay' || (effect.kind === 'hang' && effect.when !== 'after')) await held(one);
}

async function after(one: Due<CallEffect>, answer: Response): Promise<void> {
  const { effect } = one;
  if (effect.kind === 'run' && effect.when === 'after') await effect.run();
  if (effect.kind === 'hang' && effect.when === 'after') await held(one);
  if (effect.kind === 'reset' && effect.when === 'after') throw new BrokenConnection();
  if (effect.kind === 'truncate') throw await cut(answer, effect.keepBytes);
}

function injected(effect: Extract<CallEffect, { kind: 'answer' }>): Response {
  const { status, headers } = effect;
  if (typeof effect.body === 'string') return new Response(effect.body, { status, headers });
  const body = effect.body ?? {
    message: `Injected ${status}`,
    documentation_url: 'https://docs.github.com/rest',
  };
  return status === 204 || status === 304
    ? new Response(null, { status, headers })
    : Response.json(body, { status, headers });
}

async function cut(answer: Response, keepBytes: number | undefined): Promise<BrokenConnection> {
  const body = Buffer.from(await answer.arrayBuffer());
  return new BrokenConnection({ answer, body, keepBytes: keepBytes ?? Math.floor(body.length / 2) });
}
