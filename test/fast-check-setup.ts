import fc from 'fast-check';

/** The same every time: whether a change lands must not depend on luck. */
const FIXED_SEED = 20_261_124;

// Jest runs this before each test file. `FC_SEED=random` looks for what nobody has thought of, and `FC_SEED=123` plays
// what such a run has found again; what a failed property prints names its seed and path.
fc.configureGlobal({ ...fc.readConfigureGlobal(), ...readSeed(process.env.FC_SEED) });

function readSeed(written: string | undefined): { seed?: number } {
  if (written === undefined || written === '') return { seed: FIXED_SEED };
  if (written === 'random') return {};
  const seed = Number(written);
  if (!Number.isInteger(seed)) throw new Error(`FC_SEED is "random" or a whole number, not ${written}`);
  return { seed };
}
