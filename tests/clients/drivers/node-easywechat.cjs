'use strict';

const { OfficialAccount } = require('node-easywechat');
const { serve } = require('./protocol.cjs');

// It has no methods for menus and tags: paths are called by its client, which adds the token.
const read = (path) => async (app) => (await app.getClient().get(`cgi-bin/${path}`)).toObject();
const post = (path, body) => async (app, ...args) =>
  (await app.getClient().postJson(`cgi-bin/${path}`, body(...args))).toObject();

const members = (tagid, openid) => ({ tagid, openid_list: [openid] });

const open = (stable) => (url, appid, secret) => new OfficialAccount({
  app_id: appid,
  secret,
  use_stable_access_token: stable,
  http: { baseURL: `${url}/` },
});

serve({
  open(url, appid, secret) {
    const app = open(false)(url, appid, secret);
    app.stable = open(true)(url, appid, secret);
    return app;
  },
  token: (app) => app.getAccessToken().getToken(),
  stable_token: (app) => app.stable.getAccessToken().getToken(),
  create: post('menu/create', (menu) => menu),
  get: read('menu/get'),
  delete: read('menu/delete'),
  selfmenu: read('get_current_selfmenu_info'),
  addconditional: post('menu/addconditional', (menu) => menu),
  delconditional: post('menu/delconditional', (menuid) => ({ menuid })),
  trymatch: post('menu/trymatch', (user_id) => ({ user_id })),
  tags: read('tags/get'),
  tags_of: post('tags/getidlist', (openid) => ({ openid })),
  create_tag: post('tags/create', (name) => ({ tag: { name } })),
  rename_tag: post('tags/update', (id, name) => ({ tag: { id, name } })),
  delete_tag: post('tags/delete', (id) => ({ tag: { id } })),
  put_tag: post('tags/members/batchtagging', members),
  take_tag: post('tags/members/batchuntagging', members),
  tagged: post('user/tag/get', (tagid) => ({ tagid, next_openid: '' })),
}, {});
