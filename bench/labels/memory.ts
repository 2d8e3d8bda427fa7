// Reads rows as the command line does, as many as make so many gigabytes, and prints the most that was live in the first tenth of them and after it,
// in megabytes. What is free is not counted: how much of it Node keeps grows in steps for the first minute, whatever is read.
import { liveBytes } from '../outcome/live-bytes.ts';
import { throughCommand } from './measure.ts';

const bytesOfRow = 410;
const rows = Math.ceil((Number(process.argv[2]) * 1_000_000_000) / bytesOfRow);
let [early, late] = [0, 0];
await throughCommand('json', rows, (read) => {
  if (read % 20_000 !== 0) return;
  const megabytes = liveBytes() / 1_000_000;
  if (read <= rows / 10) early = Math.max(early, megabytes);
  else late = Math.max(late, megabytes);
});
console.log(JSON.stringify({ early, late }));
