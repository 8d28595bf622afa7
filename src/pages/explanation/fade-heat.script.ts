// Lets the reader choose how much of the picture the heat covers.
const slider = document.querySelector<HTMLInputElement>('#opacity')
const heat = document.querySelector<HTMLElement>('#heat')

slider?.addEventListener('input', () => {
  if (heat) heat.style.opacity = String(slider.valueAsNumber / 100)
})
