'use strict';

const API = require('co-wechat-api');
const { serve } = require('./protocol.cjs');

const none = 'groups instead, the form before tags';
const tagCalls = 'tags tags_of create_tag rename_tag delete_tag put_tag take_tag tagged'.split(' ');

serve({
  open(url, appid, secret) {
    const api = new API(appid, secret);
    api.prefix = `${url}/cgi-bin/`;
    return api;
  },
  token: async (api) => (await api.ensureAccessToken()).accessToken,
  create: (api, menu) => api.createMenu(menu),
  get: (api) => api.getMenu(),
  delete: (api) => api.removeMenu(),
  selfmenu: (api) => api.getMenuConfig(),
  addconditional: (api, menu) => api.addConditionalMenu(menu),
  delconditional: (api, menuid) => api.delConditionalMenu(menuid),
  trymatch: (api, user) => api.tryConditionalMenu(user),
}, {
  stable_token: 'no such call',
  ...Object.fromEntries(tagCalls.map((call) => [call, none])),
});
