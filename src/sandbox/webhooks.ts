import { randomUUID } from 'node:crypto';
import { isInstalledOn } from './access.ts';
import type { SandboxContext } from './context.ts';
import { nodeId, organizationJson, repositoryJson, userJson } from './json.ts';
import type { App, Delivery, Installation, Repository, State } from './state.ts';
import { createLanes } from './webhook-lanes.ts';

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
  /** Sends one of the log again, to where the App's webhooks go now; the guid stays. */
  redeliver(app: App, delivery: Delivery): void;
  /** Resolves when nothing is queued or in flight; what a fault holds back does not count. */
  idle(): Promise<void>;
}

/** The queue of webhooks: for each App one after the other, the next when the last was answered. */
export function createWebhooks(sandbox: () => SandboxContext): Webhooks {
  const lanes = createLanes(sandbox);

  function send(app: App, message: Message): void {
    if (app.webhookUrl === undefined) return;
    if (!ALWAYS.includes(message.event) && !app.events.includes(message.event)) return;
    const { event, action, installation, repository } = message;
    // Written now: what is sent is how things were when it happened.
    const body = JSON.stringify(message.payload);
    if (Buffer.byteLength(body) > sandbox().limits.payloadBytes) return;
    const due = sandbox().faults.onDelivery(event, action);
    const about = { app, guid: randomUUID(), event, action, installationId: installation.id, repository };
    lanes.send({ ...about, body, redelivery: false, due });
  }

  function redeliver(app: App, delivery: Delivery): void {
    if (app.webhookUrl === undefined) return;
    const { guid, event, action, installationId, repository, payload } = delivery;
    const due = sandbox().faults.onDelivery(event, action);
    const about = { app, guid, event, action, installationId, repository };
    lanes.send({ ...about, body: JSON.stringify(payload), redelivery: true, due });
  }

  const emit: SandboxContext['emit'] = (event, { repository, sender, payload, action, toAppId }) => {
    const context = sandbox();
    for (const [app, installation] of installedOn(context.state, repository)) {
      if (toAppId !== undefined && app.id !== toAppId) continue;
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

  return { emit, send, redeliver, idle: lanes.idle };
}

function installedOn(state: State, repository: Repository): [App, Installation][] {
  const pairs: [App, Installation][] = [];
  for (const installation of state.installations.values()) {
    const app = state.apps.get(installation.appId);
    const active = installation.suspendedAt === null && isInstalledOn(installation, repository);
    if (app !== undefined && active) pairs.push([app, installation]);
  }
  return pairs;
}
