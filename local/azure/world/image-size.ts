// Sizes of images as people write them in scenario files: 40MB, 6GB.
import { z } from 'zod';

const units: Readonly<Record<string, number>> = { MB: 1_000_000, GB: 1_000_000_000 };

/** The size of an image in a scenario file, in bytes once it was read. */
export const imageSize = z
  .string()
  .meta({ description: 'The size of an image, like 40MB or 6GB.', examples: ['40MB', '6GB'] })
  .transform((text, context) => {
    const [, amount = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)(MB|GB)$/.exec(text) ?? [];
    const bytes = Number(amount) * (units[unit] ?? 0);
    if (bytes > 0) return bytes;
    context.addIssue({ code: 'custom', message: `"${text}" is not a size like 40MB or 6GB` });
    return z.NEVER;
  });
