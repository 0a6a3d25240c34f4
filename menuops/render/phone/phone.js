(() => {
  for (const phone of document.querySelectorAll(".phone:not(.phone-live)")) {
    const tabs = [...phone.querySelectorAll(".phone-tab")];
    const said = phone.querySelector(".phone-said");
    const cellOf = (button) => button.closest(".phone-cell");
    const tabOf = (button) => cellOf(button).querySelector(".phone-tab");
    const itemsOf = (tab) => [...cellOf(tab).querySelectorAll(".phone-item")];
    const opens = (tab) => tab.hasAttribute("aria-haspopup");
    const isOpen = (tab) => cellOf(tab).classList.contains("phone-open");

    const set = (tab, open) => {
      if (!opens(tab)) return;
      cellOf(tab).classList.toggle("phone-open", open);
      tab.setAttribute("aria-expanded", String(open));
    };
    const closeAll = (but) => tabs.forEach((tab) => tab !== but && set(tab, false));
    const open = (tab) => { closeAll(tab); set(tab, true); };
    const tell = (button) => {
      phone.querySelectorAll(".phone-on").forEach((other) => other.classList.remove("phone-on"));
      button.classList.add("phone-on");
      said.textContent = button.dataset.says;
    };
    // Tab comes to the button that was used last, and goes on to what is after the phone.
    const remember = (button) =>
      tabs.forEach((tab) => { tab.tabIndex = tab === tabOf(button) ? 0 : -1; });
    const focus = (button) => {
      remember(button);
      button.focus();
      tell(button);
    };
    const beside = (list, button, step) =>
      list[(list.indexOf(button) + step + list.length) % list.length];

    phone.classList.add("phone-live");
    closeAll();
    // In a plan the first sub-menu with a change stands open.
    const marked = tabs.find((tab) => cellOf(tab).querySelector(".phone-pop .phone-mark"));
    if (marked) open(marked);
    tabs.forEach((tab, index) => {
      tab.tabIndex = index ? -1 : 0;
      itemsOf(tab).forEach((item) => { item.tabIndex = -1; });
    });

    phone.addEventListener("click", (event) => {
      const button = event.target.closest(".phone-tab, .phone-item");
      if (!button) { closeAll(); return; }
      remember(button);
      if (button.classList.contains("phone-tab")) {
        const wasOpen = isOpen(button);
        closeAll();
        if (opens(button) && !wasOpen) {
          open(button);
          if (event.detail === 0) { focus(itemsOf(button)[0]); return; }
        }
      }
      tell(button);
    });

    phone.addEventListener("keydown", (event) => {
      const button = event.target.closest(".phone-tab, .phone-item");
      if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
      const tab = tabOf(button);
      const items = itemsOf(tab);
      const inside = button !== tab;
      const list = inside ? items : tabs;
      switch (event.key) {
        case "ArrowLeft":
        case "ArrowRight": {
          const wasOpen = isOpen(tab);
          const next = beside(tabs, tab, event.key === "ArrowRight" ? 1 : -1);
          closeAll();
          focus(next);
          if (wasOpen) open(next);
          if (inside && opens(next)) focus(itemsOf(next)[0]);
          break;
        }
        case "ArrowUp":
        case "ArrowDown": {
          const down = event.key === "ArrowDown";
          if (inside) focus(beside(items, button, down ? 1 : -1));
          else if (items.length) { open(tab); focus(items[down ? 0 : items.length - 1]); }
          break;
        }
        case "Home": focus(list[0]); break;
        case "End": focus(list[list.length - 1]); break;
        case "Escape": closeAll(); focus(tab); break;
        case "Tab": closeAll(); return;
        default: return;
      }
      event.preventDefault();
      event.stopPropagation();
    });

    // A phone beside it, before or after, keeps what it shows.
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".phone")) closeAll();
    });
  }
})();
