// The model worlds in which people hear of an incident for certain, with two systems that are told.
import { configWith } from '../lib/telling/scripted.ts';
import type { Model } from './model.ts';
import { models } from './models.ts';

export const toldModels: readonly Model[] = models
  .filter(({ incident, config }) => (incident === 'open' || incident === 'resolved') && config.mode !== 'observe')
  .map((model) => {
    const { incidents } = configWith(['pager', 'chat']).settings;
    const config = { ...model.config, settings: { ...model.config.settings, incidents } };
    return { ...model, name: `${model.name}-told`, config };
  });

/** Every model that a run can be asked for by its name. */
export const allModels: readonly Model[] = [...models, ...toldModels];
