import { fakeRenderer, reasonOf, render } from './support.ts';

const REPO = 'repo: "https://charts.example.com"';
const chartIn = (folder: string) => ({
  [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: web\nversion: 1.2.3\n',
  [`${folder}/values.yaml`]: 'tag: v1\n',
});

async function withHelm() {
  const fake = await fakeRenderer('echo "a: b"');
  return { ...fake, helm: { version: 'helm v4.0.0', program: fake.command[0]! } };
}

test.each([
  ['the folder without the version', `{name: web, version: 1.2.3, ${REPO}}`, 'charts/web'],
  ['the folder of a version that is not asked for', `{name: web, ${REPO}}`, 'charts/web-1.2.3/web'],
])('a chart that stands only in %s would be fetched: refused', async (_, chart, folder) => {
  const files = { 'app/kustomization.yaml': `helmCharts: [${chart}]`, ...chartIn(`app/${folder}`) };
  expect(await reasonOf(files, 'app', { renderer: await withHelm() })).toBe(
    'remote chart web from https://charts.example.com',
  );
});

test.each([
  [`{name: web, version: 1.2.3, ${REPO}}`, 'charts/web-1.2.3/web'],
  [`{name: web, ${REPO}}`, 'charts/web'],
  ['{name: web, version: 1.2.3}', 'charts/web'],
])('the chart %s is rendered from %s', async (chart, folder) => {
  const files = { 'app/kustomization.yaml': `helmCharts: [${chart}]`, ...chartIn(`app/${folder}`) };
  expect(await render(files, 'app', { renderer: await withHelm() })).toMatchObject({ ok: true });
});

test.each([
  ['told twice', 'helmGlobals: {chartHome: charts, charthome: other}\nhelmCharts: [{name: web}]'],
  ['in other letters', 'helmGlobals: {charthome: charts}\nhelmCharts: [{name: web}]'],
  ['in a merge too', 'helmGlobals: {chartHome: charts, <<: {chartHome: other}}\nhelmCharts: [{name: web}]'],
  [
    'that of another chart',
    'helmChartInflationGenerator: [{chartName: web, chartHome: charts}, {chartName: db}]',
  ],
  ['below globals', 'helmGlobals: {}\nhelmChartInflationGenerator: [{chartName: web, chartHome: charts}]'],
  ['of two names', 'helmCharts: [{name: web, Name: db}]'],
])('a folder of charts that is %s is refused', async (_, kustomization) => {
  const files = {
    'app/kustomization.yaml': kustomization,
    ...chartIn('app/charts/web'),
    ...chartIn('app/charts/db'),
    ...chartIn('app/other/web'),
  };
  expect(await reasonOf(files, 'app', { renderer: await withHelm() })).toMatch(/does not say clearly/);
});

test.each([
  ['values-prod.yaml', true],
  ['env/prod/values.yaml', true],
  ['values.prod.yml', true],
  ['charts/db/values.yaml', false],
  ['README.md', false],
])('a chart beside %s says that only its default values are used: %s', async (path, isSaid) => {
  const files = { ...chartIn('web'), [`web/${path}`]: 'tag: v2\n' };
  const rendering = await render(files, 'web', { renderer: await withHelm() });
  const note = "rendered with the chart's default values; other values files are not used";
  expect(rendering).toMatchObject({ ok: true });
  expect('note' in rendering ? rendering.note : null).toBe(isSaid ? note : null);
});
