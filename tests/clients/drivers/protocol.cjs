// What protocol.py is, for clients of Node: see there.
'use strict';

const readline = require('node:readline');

// What a client prints is no reply.
console.log = console.info = console.error;

// Calls are functions of `calls`, each given what `calls.open` made and the arguments.
exports.serve = async (calls, lacks) => {
  let client = null;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { call, args } = JSON.parse(line);
    let reply;
    try {
      if (call in lacks) {
        reply = { lacks: lacks[call] };
      } else if (call === 'open') {
        client = calls.open(...args);
        reply = { result: null };
      } else {
        reply = { result: (await calls[call](client, ...args)) ?? null };
      }
    } catch (error) {
      reply = { error: { type: error.name, code: error.code ?? null, text: error.message } };
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
};
