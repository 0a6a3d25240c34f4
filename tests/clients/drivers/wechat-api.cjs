'use strict';

const { promisify } = require('node:util');

const API = require('wechat-api');
const { serve } = require('./protocol.cjs');

// It answers through callbacks, (error, answer, response).
const call = (name) => (api, ...args) => promisify(api[name].bind(api))(...args);

serve({
  open(url, appid, secret) {
    const api = new API(appid, secret);
    api.endpoint = url; // setEndpoint puts https:// in front of whatever it is given
    return api;
  },
  token: async (api) => (await call('getLatestToken')(api)).accessToken,
  create: call('createMenu'),
  get: call('getMenu'),
  delete: call('removeMenu'),
  selfmenu: call('getMenuConfig'),
  addconditional: call('createCustomMenu'),
  delconditional: call('removeCustomMenu'),
  trymatch: call('testCustomMenu'),
  tags: call('getTags'),
  tags_of: call('getUserTags'),
  create_tag: call('createTag'),
  rename_tag: call('editTag'),
  delete_tag: call('deleteTag'),
  put_tag: (api, tag, openid) => call('membersBatchtagging')(api, tag, [openid]),
  take_tag: (api, tag, openid) => call('membersBatchuntagging')(api, tag, [openid]),
  tagged: (api, tag) => call('getTagUsers')(api, tag, ''),
}, {
  stable_token: 'no such call',
});
