// A button that is held: by mouse, finger or keyboard; the click of a screen reader begins, and another one ends.
function holdable(button, isOn, start, stop) {
  const end = () => isOn() && stop();
  button.onpointerdown = event => {
    if (event.button) return;
    button.setPointerCapture(event.pointerId);
    start();
  };
  button.onpointerup = button.onpointercancel = button.onlostpointercapture = button.onblur = end;
  button.oncontextmenu = event => event.preventDefault();
  button.onkeydown = event => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  button.onkeyup = event => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    end();
  };
  button.onclick = event => {
    if (event.detail === 0) isOn() ? stop() : start();
  };
}
