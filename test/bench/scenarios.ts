import type { Scenario } from './scenario.ts';
import {
  fivePromotions,
  groupOfFive,
  onePromotionCold,
  onePromotionWarm,
} from './scenarios/count-promotions.ts';
import { firstLook, nothingToDo } from './scenarios/large-repository.ts';
import { planSpeed } from './scenarios/plan-speed.ts';
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
};
