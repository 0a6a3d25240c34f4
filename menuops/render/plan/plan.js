(() => {
  for (const looks of document.querySelectorAll(".looks")) {
    const all = [...looks.querySelectorAll(":scope > .look")];
    if (all.length < 2) continue;
    const label = document.createElement("label");
    const select = document.createElement("select");
    all.forEach((look, index) => {
      const option = document.createElement("option");
      option.value = String(index);
      option.textContent = look.dataset.who;
      select.append(option);
      look.hidden = index > 0;
      look.querySelector("h3").hidden = true; // the choice says who it is
    });
    select.addEventListener("change", () => {
      all.forEach((look, index) => { look.hidden = String(index) !== select.value; });
    });
    label.append("Phones of ", select);
    looks.prepend(label);
  }
})();
