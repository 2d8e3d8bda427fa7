#!/usr/bin/env node
'use strict';
// Starts the command line. Plain syntax: an older Node runs it too, and hands over to the Node that came with the packages.
var path = require('node:path');
var child = require('node:child_process');
var fs = require('node:fs');

var main = path.join(__dirname, '..', 'src', 'cli', 'main.ts');
var own = path.join(__dirname, '..', 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
var oldest = 24;

/**
 * Where Node keeps what it has compiled, so that the next command starts in half of the time. The folder belongs to the person: in the shared
 * folder for temporary files, which is what Node chooses, another person could leave code there.
 */
function cacheFolder() {
  var env = process.env;
  if (process.platform === 'win32') return env.LOCALAPPDATA && path.join(env.LOCALAPPDATA, 'pullmedic', 'compiled');
  var cache = path.isAbsolute(env.XDG_CACHE_HOME || '')
    ? env.XDG_CACHE_HOME
    : env.HOME && path.join(env.HOME, '.cache');
  return cache && path.join(cache, 'pullmedic');
}

function handOver() {
  var folder = cacheFolder();
  if (folder && !process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = folder;
  var ended = child.spawnSync(own, [main].concat(process.argv.slice(2)), { stdio: 'inherit' });
  if (ended.error) throw ended.error;
  process.exitCode = ended.status === null ? 1 : ended.status;
}

// `npm run` works in the root of the project: a file that a person names lies where the person is.
if (process.env.npm_lifecycle_event === 'pullmedic' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

if (Number(process.versions.node.split('.')[0]) >= oldest) {
  process.argv[1] = main;
  var cache = cacheFolder();
  if (cache) require('node:module').enableCompileCache(cache);
  import(require('node:url').pathToFileURL(main).href);
} else if (fs.existsSync(own)) {
  handOver();
} else {
  require('./require-node.cjs');
}
