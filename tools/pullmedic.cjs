#!/usr/bin/env node
'use strict';
// Starts the command line. Plain syntax: an older Node runs it too, and hands over to the Node that came with the packages.
var path = require('node:path');
var child = require('node:child_process');
var fs = require('node:fs');

var main = path.join(__dirname, '..', 'src', 'cli', 'main.ts');
var own = path.join(__dirname, '..', 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
var oldest = 24;

function handOver() {
  var ended = child.spawnSync(own, [main].concat(process.argv.slice(2)), { stdio: 'inherit' });
  if (ended.error) throw ended.error;
  process.exitCode = ended.status === null ? 1 : ended.status;
}

if (Number(process.versions.node.split('.')[0]) >= oldest) {
  process.argv[1] = main;
  import(require('node:url').pathToFileURL(main).href);
} else if (fs.existsSync(own)) {
  handOver();
} else {
  require('./require-node.cjs');
}
