import { afterEach, describe, expect, test } from '@jest/globals';
import { type OpenedStage, openStage, STAGES } from './stages.ts';

let stage: OpenedStage;

afterEach(async () => stage.stop());

describe.each(STAGES)('deployments of the App, $name', ({ open }) => {
  test('are found by their environment, newest first, with what was last said of them', async () => {
    stage = await openStage(open);
    const { port } = stage;
    const { sha } = await stage.tip();
    const made = { environment: 'prod/checkout', sha, description: 'checkout v2 in prod' };
    const of = { application: 'checkout', environment: 'prod', pull: 3 };
    expect(await port.listOwnDeployments('prod/checkout')).toEqual([]);
    const first = await port.createDeployment({ ...made, of });
    const second = await port.createDeployment({ ...made, of: { ...of, pull: 5 } });
    await port.createDeployment({ ...made, environment: 'dev/checkout', of });
    expect(await port.listOwnDeployments('prod/checkout')).toEqual([
      { id: second, of: { ...of, pull: 5 } },
      { id: first, of },
    ]);
    expect(await port.readDeploymentState(second)).toBeNull();
    const said = { description: 'on its way', url: 'https://github.com/acme/gitops/pull/5' };
    await port.reportDeployment(first, { ...said, state: 'success' });
    await port.reportDeployment(second, { ...said, state: 'in_progress' });
    await port.reportDeployment(second, { ...said, state: 'success' });
    const states = [await port.readDeploymentState(first), await port.readDeploymentState(second)];
    // Several applications may share an environment: one's success retires nobody else's.
    expect(states).toEqual(['success', 'success']);
  });
});
