# The session of README.md, as typed. Run it with: irqlab run --echo --board laptop --kernel 5.4 session.sh
make
sudo insmod interrupt.ko
cat /proc/interrupts | grep lothar
sudo cat /dev/lothars_device
irq pulse 11
cat /proc/interrupts | grep lothar
sudo rmmod interrupt
dmesg | tail
