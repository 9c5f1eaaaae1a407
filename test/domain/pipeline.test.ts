import fc from 'fast-check';
import { findPipelineProblems, sortStages } from '../../src/domain/pipeline.ts';

const stage = (name: string, ...from: string[]) => ({ name, from });
const names = (stages: { name: string }[]) => stages.map(({ name }) => name);

test('an environment stands after all that it takes from, otherwise as written', () => {
  const stages = [stage('prod', 'qa', 'perf'), stage('qa', 'dev'), stage('dev'), stage('perf', 'dev')];
  expect(findPipelineProblems(stages)).toEqual([]);
  expect(names(sortStages(stages))).toEqual(['dev', 'qa', 'perf', 'prod']);
});

test('names a source that is no environment', () => {
  expect(findPipelineProblems([stage('dev'), stage('prod', 'stagin')])).toEqual([
    { kind: 'unknown-source', environment: 'prod', source: 'stagin' },
  ]);
});

test('names an environment that stands there twice', () => {
  expect(findPipelineProblems([stage('dev'), stage('dev')])).toEqual([
    { kind: 'duplicate', environment: 'dev' },
  ]);
});

test('names a cycle in order, and its beginning again at the end', () => {
  const stages = [stage('dev'), stage('a', 'dev', 'c'), stage('b', 'a'), stage('c', 'b')];
  expect(findPipelineProblems(stages)).toEqual([{ kind: 'cycle', environments: ['a', 'c', 'b', 'a'] }]);
  expect(() => sortStages(stages)).toThrow('cycle: a, b, c');
  expect(findPipelineProblems([stage('dev', 'dev')])).toEqual([
    { kind: 'cycle', environments: ['dev', 'dev'] },
  ]);
});

test('whatever has no problems can be sorted, and nothing is lost', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const stages = fc.array(fc.record({ name, from: fc.array(name, { maxLength: 2 }) }), { maxLength: 5 });
  fc.assert(
    fc.property(stages, (given) => {
      if (findPipelineProblems(given).length > 0) return;
      const sorted = names(sortStages(given));
      expect([...sorted].sort()).toEqual(names(given).sort());
      for (const { name: environment, from } of given) {
        for (const source of from) expect(sorted.indexOf(source)).toBeLessThan(sorted.indexOf(environment));
      }
    }),
  );
});
