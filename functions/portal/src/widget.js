// Shows a member's balance on a shop's page:
//   <script src="https://.../widget.js" data-token="TOKEN" defer></script>
// The token comes from POST /members/{member}/links with {"for":"widget"}. What is shown is text, in the page's own style.
(async () => {
  const script = document.currentScript || document.querySelector("script[data-token][src$='/widget.js']");
  const place = document.createElement("span");
  place.className = "guerdon-balance";
  place.setAttribute("role", "status");
  script.after(place);
  try {
    const answer = await fetch(new URL("/widget/balance", script.src), {
      headers: { authorization: "Bearer " + script.dataset.token },
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (answer.ok) {
      const balance = await answer.json();
      place.lang = balance.language;
      place.dir = balance.direction;
      place.textContent = balance.text;
    }
  } catch {
    // A shop's page does not depend on a balance.
  }
})();
