import type { Scenario } from './scenario.ts';
import {
  fivePromotions,
  groupOfFive,
  onePromotionCold,
  onePromotionWarm,
} from './scenarios/count-promotions.ts';
import { endToEnd, endToEndSpaced } from './scenarios/end-to-end.ts';
import { firstLook, nothingToDo } from './scenarios/large-repository.ts';
import { planSpeed } from './scenarios/plan-speed.ts';
import { stormAlone, stormGrouped } from './scenarios/release-storm.ts';
import { soak } from './scenarios/soak.ts';
import { webhookIntake } from './scenarios/webhook-intake.ts';

/** All of them, in the order in which they are measured. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'one-promotion': onePromotionWarm,
  'one-promotion-cold': onePromotionCold,
  'five-promotions': fivePromotions,
  'group-of-five': groupOfFive,
  'nothing-to-do': nothingToDo,
  'first-look': firstLook,
  plan: planSpeed,
  intake: webhookIntake,
  storm: stormAlone,
  'storm-grouped': stormGrouped,
  'end-to-end': endToEnd,
  'end-to-end-spaced': endToEndSpaced,
  soak,
};
