// A new element with its class and properties, in its parent where it has one.
const element = (tag, name, parent, properties = {}) => {
  const made = Object.assign(document.createElement(tag), { className: name }, properties);
  parent?.append(made);
  return made;
};

// The camera of this device: opened when asked for, closed when its picture is gone. What went wrong is told as a word:
// "closed", "asking", "open", "refused", "none", "busy", "ended", "insecure" or "broken".
const CAMERA_FAULTS = {
  NotAllowedError: "refused", SecurityError: "refused", PermissionDeniedError: "refused",
  NotFoundError: "none", OverconstrainedError: "none", DevicesNotFoundError: "none",
  NotReadableError: "busy", AbortError: "busy", TrackStartError: "busy",
};

class CameraStream {
  constructor(video, changed) {
    this.video = video;
    this.changed = changed;
    this.state = "closed";
    this.stream = null;
    this.attempt = 0;
    this.canvas = document.createElement("canvas");
  }

  get isOpen() { return this.state === "open"; }
  get isFront() { return this.settings.facingMode !== "environment"; }
  get settings() { return this.stream?.getVideoTracks()[0]?.getSettings() ?? {}; }

  // The back camera first: who holds a phone looks at a thing.
  async open(choice = { facingMode: { ideal: "environment" } }) {
    this.close();
    const attempt = ++this.attempt;
    if (!navigator.mediaDevices?.getUserMedia) return this.tell("insecure");
    this.tell("asking");
    try {
      const video = { ...choice, width: { ideal: 640 }, height: { ideal: 480 } };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video });
      if (attempt !== this.attempt) return stream.getTracks().forEach(track => track.stop());
      this.stream = stream;
      stream.getVideoTracks()[0].addEventListener("ended", () => this.close("ended"));
      this.video.srcObject = stream;
      await this.video.play();
      this.cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
      if (attempt === this.attempt && this.stream) this.tell("open");
    } catch (error) {
      if (attempt === this.attempt) this.close(CAMERA_FAULTS[error.name] ?? "broken");
    }
  }

  // From back to front and back; among several of one kind, the next.
  turn() {
    const { facingMode, deviceId } = this.settings;
    if (facingMode) return this.open({ facingMode: { ideal: facingMode === "user" ? "environment" : "user" } });
    const place = this.cameras.findIndex(camera => camera.deviceId === deviceId);
    return this.open({ deviceId: { exact: this.cameras[(place + 1) % this.cameras.length].deviceId } });
  }

  close(state = "closed") {
    this.attempt++;
    this.stream?.getTracks().forEach(track => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    this.tell(state);
  }

  tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }

  // The middle of the picture as a square JPEG of `side` pixels, as an address; null before there is a picture.
  frame(side) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.isOpen || !width || this.video.readyState < 2) return null;
    const crop = Math.min(width, height);
    this.canvas.width = this.canvas.height = side;
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.video, (width - crop) / 2, (height - crop) / 2, crop, crop, 0, 0, side, side);
    return this.canvas.toDataURL("image/jpeg", 0.92);
  }
}
