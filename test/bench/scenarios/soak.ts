import { createHmac, randomUUID } from 'node:crypto';
import { findFreePort } from '../../database/find-free-port.ts';
import { startPostgres } from '../../database/start-postgres.ts';
import { type GitHub, openGitHub } from '../github.ts';
import { makePushBody } from '../intake/push-payload.ts';
import { makeFiles, nameApplications } from '../repository.ts';
import type { Scenario } from '../scenario.ts';
import { type SluiceProcess, spawnSluice } from '../sluice-process.ts';

const LOOKS = 2_000;
/** Until then caches fill and the heap finds its size. */
const SETTLED_AFTER = 500;

export const soak: Scenario = {
  about: '2,000 looks, one for each push that it is told of: what the process has gained since the 500th',
  isLong: true,
  async measure() {
    const applications = nameApplications(100);
    const github = await openGitHub(
      makeFiles({ applications, environments: { dev: '', prod: 'from: dev' } }),
    );
    const postgres = await startPostgres();
    const port = await findFreePort();
    const sluice = spawnSluice('all', {
      ...github.environment,
      DATABASE_URL: await postgres.createDatabase('soak'),
      PORT: String(port),
    });
    try {
      await sluice.said('looked');
      const url = `http://127.0.0.1:${port}/api/github/webhooks`;
      await lookOften(github, sluice, url, SETTLED_AFTER);
      const settledMb = await sluice.readMb();
      await lookOften(github, sluice, url, LOOKS - SETTLED_AFTER);
      const endMb = await sluice.readMb();
      return { settledMb, endMb, gainedMb: endMb - settledMb };
    } finally {
      await sluice.kill();
      await postgres.stop();
      await github.world.stop();
    }
  },
};

async function lookOften(github: GitHub, sluice: SluiceProcess, url: string, times: number): Promise<void> {
  const { gitops, world } = github;
  const [installationId = 0] = world.sandbox.state.installations.keys();
  for (let time = 0; time < times; time++) {
    const looked = sluice.said('looked');
    const body = makePushBody(gitops.fullName, {
      sha: '0'.repeat(40),
      pushedAtS: Math.floor(Date.now() / 1000),
      installationId,
    });
    const signature = createHmac('sha256', world.webhookSecret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const { status } = await fetch(url, { method: 'POST', headers, body });
    if (status !== 202) throw new Error(`a webhook was answered with ${status}`);
    await looked;
  }
}
