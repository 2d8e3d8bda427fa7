// The ways to recover that pullmedic is compared with.
import { expect, it } from 'vitest';
import { playFixed, playLadder } from '../../../bench/recovery/course.ts';

const second = 1000;
const draw = { seed: 1, alertMs: 300 * second, propagationMs: 120 * second, pullMs: 40 * second };

it('leaves the platform alone: its own next try pulls', () => {
  // Its tries begin at 321 and 623 seconds; the role works at 420.
  expect(playFixed(draw, 300 * second, [])).toMatchObject({ recoveredMs: 363 * second, restarts: 0 });
});

it('restarts after five minutes, and throws away no pull that had begun later', () => {
  // The restart at 600 seconds pulls at 601.
  expect(playFixed(draw, 300 * second, [300 * second])).toMatchObject({ recoveredMs: 341 * second, restarts: 1 });
});

it('counts the good pull that a blind restart throws away', () => {
  // The platform pulls from 321 to 361 seconds.
  expect(playFixed({ ...draw, propagationMs: 0 }, 300 * second, [30 * second])).toMatchObject({
    interrupted: 1,
    recoveredMs: 71 * second,
  });
});

it('restarts nothing that serves already', () => {
  const course = playFixed({ ...draw, propagationMs: 0 }, 300 * second, [100 * second]);

  expect(course).toMatchObject({ restarts: 0, servingRestarted: 0, recoveredMs: 61 * second });
});

it('climbs any ladder: not what pulls or serves, and no further than it may', () => {
  const ladder = [20, 80, 190].map((seconds) => seconds * second);

  // The platform pulls at 321 seconds: the role works by then, so the first rung finds a pull under way and the second one what serves.
  expect(playLadder({ ...draw, propagationMs: 0 }, 300 * second, ladder, 6)).toMatchObject({
    restarts: 0,
    interrupted: 0,
  });
  expect(playLadder({ ...draw, propagationMs: 600 * second }, 330 * second, ladder, 6)).toMatchObject({ restarts: 3 });
  expect(playLadder({ ...draw, propagationMs: 600 * second }, 330 * second, ladder, 2)).toMatchObject({ restarts: 2 });
});
