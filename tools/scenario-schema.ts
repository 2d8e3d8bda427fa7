// Writes the JSON Schema of scenario files, for editors: node tools/scenario-schema.ts > docs/scenario.schema.json
import * as z from 'zod';
import { scenarioSchema } from '../local/scenarios/schema.ts';

/** The schema of the files as people write them: durations are text, and members with a default are optional. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', reused: 'inline' });
  return `${JSON.stringify({ title: 'pullmedic scenario', ...schema }, null, 2)}\n`;
}

if (import.meta.main) process.stdout.write(scenarioJsonSchema());
