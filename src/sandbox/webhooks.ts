import { createHmac, randomUUID } from 'node:crypto';
import type { SandboxContext } from './context.ts';
import { nodeId, organizationJson, repositoryJson, userJson } from './json.ts';
import type { App, Installation, State } from './state.ts';

/** GitHub waits this long for an answer and does not try again: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks */
const TIMEOUT_MS = 10_000;

/** Events that every App gets, subscribed or not. */
const ALWAYS = ['installation', 'installation_repositories'];

export interface Message {
  event: string;
  action: string | null;
  installation: Installation;
  repository: string | null;
  payload: Record<string, unknown>;
}

export interface Webhooks {
  emit: SandboxContext['emit'];
  /** Queues one message for one App. */
  send(app: App, message: Message): void;
  /** Resolves when nothing is queued or in flight. */
  idle(): Promise<void>;
}

/** The queue of webhooks: for each App one after the other, the next when the last was answered. */
export function createWebhooks(sandbox: () => SandboxContext): Webhooks {
  const queues = new Map<number, Promise<void>>();

  function send(app: App, message: Message): void {
    if (app.webhookUrl === undefined) return;
    if (!ALWAYS.includes(message.event) && !app.events.includes(message.event)) return;
    // Written now: what is sent is how things were when it happened.
    const body = JSON.stringify(message.payload);
    const before = queues.get(app.id) ?? Promise.resolve();
    const after = before.then(() => deliver(sandbox(), app, message, body));
    queues.set(app.id, after);
  }

  const emit: SandboxContext['emit'] = (event, { repository, sender, payload, action }) => {
    const context = sandbox();
    for (const [app, installation] of installedOn(context.state, repository.owner)) {
      const full = {
        ...(action === undefined ? {} : { action }),
        ...payload,
        repository: payload.repository ?? repositoryJson(context, repository),
        ...(context.state.organizations.has(repository.owner)
          ? { organization: organizationJson(context, repository.owner) }
          : {}),
        sender: userJson(context, sender.login),
        installation: {
          id: installation.id,
          node_id: nodeId('IntegrationInstallation', installation.id),
        },
      };
      send(app, {
        event,
        action: action ?? null,
        installation,
        repository: repository.fullName,
        payload: full,
      });
    }
  };

  async function idle(): Promise<void> {
    for (let seen: Promise<void>[] = []; ; ) {
      const current = [...queues.values()];
      if (current.every((promise) => seen.includes(promise))) return;
      await Promise.all(current);
      seen = current;
    }
  }

  return { emit, send, idle };
}

function installedOn(state: State, account: string): [App, Installation][] {
  const pairs: [App, Installation][] = [];
  for (const installation of state.installations.values()) {
    const app = state.apps.get(installation.appId);
    const active = installation.suspendedAt === null && installation.account === account;
    if (app !== undefined && active) pairs.push([app, installation]);
  }
  return pairs;
}

async function deliver(sandbox: SandboxContext, app: App, message: Message, body: string): Promise<void> {
  const guid = randomUUID();
  const started = performance.now();
  const { status, statusCode } = await post(app, headersOf(app, message.event, guid, body), body);
  sandbox.state.deliveries.push({
    id: sandbox.nextId(),
    guid,
    event: message.event,
    action: message.action,
    appId: app.id,
    installationId: message.installation.id,
    repository: message.repository,
    deliveredAt: new Date(sandbox.now()).toISOString(),
    status,
    statusCode,
    durationMs: performance.now() - started,
    payload: JSON.parse(body) as Record<string, unknown>,
  });
}

function headersOf(app: App, event: string, guid: string, body: string): Record<string, string> {
  const secret = app.webhookSecret;
  const digest = secret === undefined ? '' : createHmac('sha256', secret).update(body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret === undefined ? {} : { 'x-hub-signature-256': `sha256=${digest}` }),
  };
}

async function post(
  app: App,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: string; statusCode: number }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(app.webhookUrl ?? '', {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    await answer.arrayBuffer();
    return {
      status: answer.ok ? 'OK' : `Invalid HTTP Response: ${answer.status}`,
      statusCode: answer.status,
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { status: timedOut ? 'timed out' : 'failed to connect to host', statusCode: timedOut ? 504 : 502 };
  }
}
