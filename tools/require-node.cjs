'use strict';
// Refuses an old Node before anything written for a newer one is parsed. Plain syntax: it must run on any Node.
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'pullmedic needs Node 24 or newer and got ' +
      process.version +
      ': run "npm ci", which brings its own Node, or install Node 24.\n',
  );
  process.exit(1);
}
